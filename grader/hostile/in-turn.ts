/**
 * Does jobs ahead of whoever asks for them, two at a time: while one is looked at, the next is under way.
 *
 * @returns gives the outcome of the nth job.
 */
export function inTurn<Job, Outcome>(
	jobs: readonly Job[],
	work: (job: Job) => Promise<Outcome>,
): (n: number) => Promise<Outcome> {
	const under = new Map<number, Promise<Outcome>>();
	const begin = (n: number) => {
		const job = jobs[n];
		if (job === undefined || under.has(n)) return;
		const outcome = work(job);
		// It is heard of when somebody asks for it.
		outcome.catch(() => {});
		under.set(n, outcome);
	};
	return (n) => {
		begin(n);
		begin(n + 1);
		return under.get(n) ?? Promise.reject(new RangeError(`there is no job ${n}`));
	};
}
