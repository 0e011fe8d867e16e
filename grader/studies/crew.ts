/** How a study uses all cores: its script runs again in children, which are handed one task after the other. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Whether this process is a child that is to work, and not the one that hands out. */
export const isCrew = process.send !== undefined;

/**
 * Has children do tasks.
 *
 * @param script - the study's own module; in a child it must call {@link work}.
 * @param tasks - each is given to one child, in order, as one becomes free.
 * @param onResult - hears of each result, as they come.
 * @throws an Error if a child fails.
 */
export async function share<Task extends object, Result>(
	{ script, jobs }: { readonly script: string; readonly jobs: number },
	tasks: Iterable<Task>,
	onResult: (result: Result) => void,
): Promise<void> {
	const waiting = tasks[Symbol.iterator]();
	const employ = () =>
		new Promise<void>((resolve, reject) => {
			const child = fork(fileURLToPath(script), process.argv.slice(2), { execArgv: ["--import", "tsx"] });
			const next = () => {
				const { done, value } = waiting.next();
				if (done === true) child.disconnect();
				else child.send(value);
			};
			child.on("message", (result) => {
				onResult(result as Result);
				next();
			});
			child.on("exit", (code) =>
				code === 0 ? resolve() : reject(new Error(`a child of the study ended with ${code}`)),
			);
			next();
		});
	await Promise.all(Array.from({ length: jobs }, employ));
}

/** In a child: does what it is handed, until nobody hands out any more. */
export function work<Task, Result>(carryOut: (task: Task) => Promise<Result>): void {
	process.on("message", async (task: Task) => {
		process.send?.(await carryOut(task));
	});
}
