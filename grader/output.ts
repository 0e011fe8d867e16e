/** Where a command writes; a test can listen. */
export interface Output {
	line(text: string): void;
	error(text: string): void;
	/** Writes text that ends its lines itself. */
	write(text: string): void;
	/** How wide the terminal is that {@link write} writes to, in characters; not there if it is none. */
	readonly columns?: number | undefined;
}
