import yoctoSpinner from "yocto-spinner";

/** Shows on a terminal how the shrinking goes, and nowhere else. */
export function showShrinking(stream: NodeJS.WriteStream = process.stderr) {
	const canRewriteLines = stream.isTTY && process.env.TERM !== "dumb" && process.env.CI === undefined;
	if (!canRewriteLines) return { tell() {}, stop() {} };
	const spinner = yoctoSpinner({ stream, text: "loading", handleSignals: false }).start();
	return {
		tell: (tries: number, choices: number) => {
			spinner.text = `${tries} tries, ${choices.toLocaleString("en-US")} choices left`;
		},
		stop: () => {
			spinner.stop();
		},
	};
}
