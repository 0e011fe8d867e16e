/** The options of a command that decide what a run is made against. */
export interface ReplayedWith {
	readonly target: string | undefined;
	readonly config: string | false | undefined;
}

/** The command that makes a run again. */
export function replayCommand(run: string, { target, config }: ReplayedWith): string {
	const targetOption = target === undefined ? "" : ` --target ${quoted(target)}`;
	const configOption = config === undefined ? "" : config === false ? " --no-config" : ` --config ${quoted(config)}`;
	return `npx raft-grade ${run}${targetOption}${configOption}`;
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
	return /^[\w./@:+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
