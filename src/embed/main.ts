/** The entry of the page `/embed`. */

export {};
