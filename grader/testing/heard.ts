import type { Output } from "../output.ts";

/** What a command has written. */
export interface Heard extends Output {
	/** All of it, without colour. */
	text(): string;
}

/** An output that keeps what it is told. */
export function heard(): Heard {
	let text = "";
	return {
		line: (line) => {
			text += `${line}\n`;
		},
		error: (line) => {
			text += `${line}\n`;
		},
		write: (part) => {
			text += part;
		},
		// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
		text: () => text.replaceAll(/\u001b\[\d+m/g, ""),
	};
}
