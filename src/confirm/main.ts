/** The entry of the page `/confirm`. */

export {};
