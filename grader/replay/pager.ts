import { spawn } from "node:child_process";

/** Where a long text goes. */
export interface PagerContext {
	readonly env: NodeJS.ProcessEnv;
	/** Whether standard output is a terminal. */
	readonly isTerminal: boolean;
	/** Writes to standard output. */
	readonly write: (text: string) => void;
}

/** Shows text in the user's pager, as git does; writes it out where there is no terminal, or no pager. */
export async function page(text: string, { env, isTerminal, write }: PagerContext): Promise<void> {
	const pager = env.PAGER ?? "less";
	if (!isTerminal || pager === "" || pager === "cat" || !(await runPager(pager, text, env))) write(text);
}

/** @returns whether there was such a pager. */
function runPager(pager: string, text: string, env: NodeJS.ProcessEnv): Promise<boolean> {
	return new Promise((resolve) => {
		// F: a text that fits is just printed; R: colours; X: it stays on the screen.
		const child = spawn(pager, { shell: true, stdio: ["pipe", "inherit", "inherit"], env: { LESS: "FRX", ...env } });
		// Ctrl-C is the pager's business.
		const ignore = () => {};
		process.on("SIGINT", ignore);
		const end = (isThere: boolean) => {
			process.off("SIGINT", ignore);
			resolve(isThere);
		};
		child.on("error", () => end(false));
		// 127: the shell has found no such program.
		child.on("close", (code) => end(code !== 127));
		// Whoever has seen enough leaves before the end.
		child.stdin.on("error", () => {});
		child.stdin.end(text);
	});
}
