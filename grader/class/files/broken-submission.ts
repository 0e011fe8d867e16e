/** A submission cannot be graded as it was handed in, and gets no points. The message is one sentence, for its student. */
export class BrokenSubmission extends Error {
	override name = "BrokenSubmission";
}

/** A file's name in such a sentence. */
export function quoteName(name: string): string {
	return JSON.stringify(name.length > 80 ? `${name.slice(0, 79)}…` : name);
}
