/** Where a command writes; a test can listen. */
export interface Output {
	line(text: string): void;
	error(text: string): void;
}
