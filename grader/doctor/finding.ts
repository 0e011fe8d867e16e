/** What one check of a set-up has found. */
export interface Finding {
	readonly level: Level;
	/** What was looked at, in a word or two. */
	readonly what: string;
	/** What was seen there. */
	readonly seen: string;
	/** What to do about it, in one sentence; empty if there is nothing to do. */
	readonly advice: string;
}

/** Good; can be lived with; has to be put right before the project can be graded. */
export type Level = "good" | "warning" | "problem";

/** All is well. */
export function good(what: string, seen: string): Finding {
	return { level: "good", what, seen, advice: "" };
}

/** Something that will be in the way some time, or that may be on purpose. */
export function warning(what: string, seen: string, advice: string): Finding {
	return { level: "warning", what, seen, advice };
}

/** Something with which the project's tests cannot run. */
export function problem(what: string, seen: string, advice: string): Finding {
	return { level: "problem", what, seen, advice };
}
