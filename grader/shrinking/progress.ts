import { spinnerOn } from "../spinner.ts";

/** Shows on a terminal how the shrinking goes, and nowhere else. */
export function showShrinking(stream: NodeJS.WriteStream = process.stderr) {
	const spinner = spinnerOn(stream, "loading");
	if (spinner === undefined) return { tell() {}, stop() {} };
	return {
		tell: (tries: number, choices: number) => {
			spinner.text = `${tries} tries, ${choices.toLocaleString("en-US")} choices left`;
		},
		stop: () => {
			spinner.stop();
		},
	};
}
