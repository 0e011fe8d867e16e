/**
 * Runs `work` while V8 formats the stack traces of errors by itself.
 *
 * Otherwise, whenever somebody reads the `stack` of an error, V8 has it formatted by a function of Node's, on top of the
 * reader's frames. That function belongs to the host: when it throws, because the error's name cannot be made a
 * string or because the stack is nearly full, an error of the host's comes out to the reader, and with it the whole host. But
 * while V8 is formatting one stack trace it does not ask Node about others. So `work` runs within the formatting of one.
 */
export function withPlainStacks(work: () => void): void {
	if (isFormatting) {
		work();
		return;
	}
	const { prepareStackTrace, stackTraceLimit } = Error;
	Error.stackTraceLimit = 1;
	const error = new Error("never seen");
	Error.stackTraceLimit = stackTraceLimit;

	const outcomes: { thrown?: unknown }[] = [];
	Error.prepareStackTrace = () => {
		Error.prepareStackTrace = prepareStackTrace;
		isFormatting = true;
		try {
			work();
			outcomes.push({});
		} catch (thrown) {
			outcomes.push({ thrown });
		} finally {
			isFormatting = false;
		}
		return "";
	};
	void error.stack;
	const [outcome] = outcomes;
	if (outcome === undefined) throw new Error("stack traces are not formatted as expected in this process");
	if ("thrown" in outcome) throw outcome.thrown;
}

let isFormatting = false;
