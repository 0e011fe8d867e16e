import { fails, type Hostile, NOTHING, unusable } from "../hostile.ts";

/** Results, reports and logs, forged. */
export const forgery: readonly Hostile[] = [
	{
		name: "exit-0",
		tries: "ends the process with code 0 before it can be judged",
		act: { onCommand: "tried(() => process.exit(0));" },
		gets: fails(/process\.exit\(\) is not available on a simulated machine/),
	},
	{
		name: "kill-the-grader",
		tries: "sends a signal to the process, and to the one above",
		act: { onCommand: "tried(() => process.kill(process.ppid ?? 1, 'SIGKILL'));" },
		gets: fails(/process\.kill\(\) is not available on a simulated machine/),
	},
	{
		name: "exit-code",
		tries: "sets the exit code, and removes and adds listeners of the process",
		act: {
			before:
				"tried(() => { process.exitCode = 0; }); tried(() => process.removeAllListeners()); tried(() => process.emit('exit', 0)); tried(() => process.on('exit', () => {}));",
		},
		gets: NOTHING,
	},
	{
		name: "outcome-by-ipc",
		tries: "sends the grader an outcome of its own making, over every channel that a worker could have",
		act: {
			before: `
				const message = { kind: "outcome", id: 0, outcome: { figures: {}, warnings: [], wallMs: 1 } };
				for (const send of ["send", "_send", "emit", "channel"]) tried(() => process[send]?.(message));
				for (const send of ["postMessage", "dispatchEvent"]) tried(() => globalThis[send]?.(message));
			`,
		},
		gets: unusable(/process\.send\(\) is not available on a simulated machine/),
	},
	{
		name: "outcome-on-stdout",
		tries: "prints what a passing report looks like, on stdout and stderr",
		act: {
			before: `
				const report = JSON.stringify({ format: 1, status: "passed", tests: [{ test: "BasicAgree", status: "passed" }] });
				for (const stream of ["stdout", "stderr"]) tried(() => process[stream]?.write?.(report + "\\n3 of 3 passed\\n"));
				console.log(report); console.error("3 of 3 passed"); console.table?.([report]);
			`,
		},
		gets: NOTHING,
	},
	{
		name: "ci-commands",
		tries: "throws an error whose message moves the cursor, sets a title and gives commands to a CI system",
		act: {
			onCommand: `throw new Error("\\u001b[2J\\u001b]0;pwned\\u0007\\r\\n::error::pwned\\n##vso[task.complete result=Succeeded;]\\n]]><testcase/>\\u202e</pre><script>x</script>");`,
		},
		gets: fails(/start\(\) threw: Error: \\u001b\[2J/),
	},
	{
		name: "verdict-as-an-error",
		tries: "throws errors that look like verdicts of the labs",
		act: {
			onCommand:
				"throw Object.assign(new Error('passed'), { name: 'LabFailure', check: 'none', atMs: -1, details: { servers: [99], places: [{ file: '/etc/passwd', line: 1 }] } });",
		},
		gets: fails(/start\(\) threw: LabFailure: passed/),
	},
	{
		name: "forged-stack",
		tries: "writes a stack trace of its own, with a million frames and places in other people's files",
		act: {
			onCommand:
				"const e = new Error('forged'); e.stack = ('    at f (/etc/passwd:1:1)\\n    at g (raft-grade:submission:5:1)\\n').repeat(500_000); throw e;",
		},
		gets: fails(/start\(\) threw: Error: forged/),
	},
	{
		name: "forged-snapshot",
		tries: "stores a snapshot that it made itself, nested so deeply that reading it breaks",
		act: {
			before: `
				const shallow = encode({ lastIncludedIndex: 1, log: [null, "MARK"] });
				const head = encode([["x"]]).slice(1, 1 + encode([["x"]]).length - encode(["x"]).length);
				const at = shallow.indexOf(77) - 2;
				const deep = Uint8Array.from([...shallow.slice(0, at), ...Array.from({ length: 700 }, () => [...head]).flat(), ...shallow.slice(at)]);
				const own = persister;
				persister = { ...own, save: (state, snapshot) => own.save(state, deep) };
			`,
		},
		tests: ["InitialElection", "SnapshotAllCrash"],
		gets: {
			kind: "failure",
			says: /gave the service a snapshot that the service never made/,
			in: ["SnapshotAllCrash"],
		},
	},
	{
		name: "rejected-load",
		tries: "leaves a floating rejection behind while it is loaded",
		act: { module: "Promise.reject(Object.assign(new Error('adrift'), { code: 'ERR_MOCHA_FATAL' }));" },
		gets: unusable(/an unhandled rejection: Error: adrift/),
	},
	{
		name: "lying-name",
		tries: "throws an error with a name and message of two million characters",
		act: { onCommand: "const e = new Error('m'.repeat(2_000_000)); e.name = 'n'.repeat(2_000_000); throw e;" },
		gets: fails(/start\(\) threw: n{100}/),
	},
	{
		name: "huge-sentence",
		tries: "replaces what keeps its messages short, and throws 100 million characters",
		act: {
			onCommand:
				"const big = 'x'.repeat(100_000_000); String.prototype.slice = () => big; throw new Error('y'.repeat(3000));",
		},
		gets: fails(/^S\d: x{100}/),
	},
];
