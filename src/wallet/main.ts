/** The entry of the page `/wallet`. */

export {};
