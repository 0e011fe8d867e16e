import { spinnerOn } from "../spinner.ts";

/** How far a grading is: shown on a terminal as it goes, and nowhere else. */
export interface Progress {
	/** A run of this test is over. */
	ran(test: string, hasFailed: boolean): void;
	stop(): void;
}

/** @param runs - how many runs there will be; undefined if nobody knows. */
export function showProgress(runs: number | undefined, stream: NodeJS.WriteStream = process.stderr): Progress {
	const spinner = spinnerOn(stream, "loading");
	if (spinner === undefined) return { ran() {}, stop() {} };
	const beganMs = performance.now();
	let done = 0;
	let failed = 0;
	return {
		ran(test, hasFailed) {
			done++;
			if (hasFailed) failed++;
			const perSecond = (1000 * done) / (performance.now() - beganMs);
			const left = runs === undefined ? "" : `, ${Math.ceil((runs - done) / perSecond)} s left`;
			const share = runs === undefined ? `${done} runs` : `${done} of ${runs} runs`;
			const bad = failed === 0 ? "" : `, ${failed} failed`;
			spinner.text = `${test}: ${share}${bad}, ${perSecond.toFixed(0)} a second${left}`;
		},
		stop: () => spinner.stop(),
	};
}
