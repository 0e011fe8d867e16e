/** The diagram's colours. Meaning never hangs on colour alone: shape, dash or a word tells the same. */
export interface Theme {
	readonly background: string;
	readonly panel: string;
	readonly text: string;
	readonly faint: string;
	readonly line: string;
	readonly accent: string;
	readonly request: string;
	readonly reply: string;
	readonly lost: string;
	readonly late: string;
	readonly cut: string;
	readonly pause: string;
	readonly save: string;
	readonly apply: string;
	readonly snapshot: string;
	readonly command: string;
	readonly failure: string;
	/** Of terms, in turn: from Okabe and Ito's palette, which people who see colours differently can tell apart. */
	readonly terms: readonly string[];
}

export const LIGHT: Theme = {
	background: "#ffffff",
	panel: "#f6f7f9",
	text: "#1b1f24",
	faint: "#5d6671",
	line: "#d5dae0",
	accent: "#0b5cad",
	request: "#44505c",
	reply: "#8a94a0",
	lost: "#c2410c",
	late: "#9a6700",
	cut: "rgba(90, 100, 112, 0.13)",
	pause: "#7a5aa6",
	save: "#6b7480",
	apply: "#00755a",
	snapshot: "#0b5cad",
	command: "#a3408a",
	failure: "#c4161c",
	terms: ["#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#0072b2", "#d55e00"],
};

export const DARK: Theme = {
	background: "#12151a",
	panel: "#1a1f26",
	text: "#e6eaf0",
	faint: "#98a3b0",
	line: "#303843",
	accent: "#6cb6ff",
	request: "#b4bfcb",
	reply: "#75808d",
	lost: "#ff8f5e",
	late: "#f0c24b",
	cut: "rgba(170, 180, 195, 0.13)",
	pause: "#b79be0",
	save: "#98a3b0",
	apply: "#3ecfa3",
	snapshot: "#6cb6ff",
	command: "#e58fcb",
	failure: "#ff6b6b",
	terms: ["#56b4e9", "#e69f00", "#1fb88c", "#cc79a7", "#4a9fe0", "#e8733a"],
};
