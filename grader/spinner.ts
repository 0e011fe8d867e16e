import yoctoSpinner from "yocto-spinner";

/** A line on a terminal that is written anew as things go on, with a spinner before it; undefined where lines are not rewritten: in a file, a pipe, CI. */
export function spinnerOn(stream: NodeJS.WriteStream, text: string) {
	const canRewriteLines = stream.isTTY && process.env.TERM !== "dumb" && process.env.CI === undefined;
	// Who is interrupted says so in its own way.
	return canRewriteLines ? yoctoSpinner({ stream, text, handleSignals: false }).start() : undefined;
}
