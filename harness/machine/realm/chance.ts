/**
 * The machine's own stream of random numbers (sfc32), behind Math.random and crypto.
 */
let a = 0;
let b = 0;
let c = 0;
let counter = 1;

/** Starts the stream. */
export function seedChance(seedA: number, seedB: number, seedC: number): void {
	a = seedA | 0;
	b = seedB | 0;
	c = seedC | 0;
	counter = 1;
	for (let i = 0; i < 12; i++) next();
}

/** A uniform number in [0, 1), with 53 random bits. */
export function random(): number {
	return ((next() >>> 0) * 0x200000 + ((next() >>> 0) >>> 11)) / 0x20000000000000;
}

function next(): number {
	const sum = (((a + b) | 0) + counter) | 0;
	counter = (counter + 1) | 0;
	a = b ^ (b >>> 9);
	b = (c + (c << 3)) | 0;
	c = (c << 21) | (c >>> 11);
	c = (c + sum) | 0;
	return sum;
}
