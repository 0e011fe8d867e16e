/** How wide the output may be. */
export const WIDTH = 80;

/** Breaks text into lines of at most `width` characters, at spaces where there are any. */
export function wrap(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = "";
	for (const word of text.split(/\s+/)) {
		if (line !== "" && line.length + 1 + word.length > width) {
			lines.push(line);
			line = word;
		} else {
			line = line === "" ? word : `${line} ${word}`;
		}
		while (line.length > width) {
			lines.push(line.slice(0, width));
			line = line.slice(width);
		}
	}
	return line === "" ? lines : [...lines, line];
}

/** Virtual time, for people. */
export function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(3)} s`;
}
