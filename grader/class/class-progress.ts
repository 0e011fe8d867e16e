import { spinnerOn } from "../spinner.ts";

/** How far a class is: on a terminal as it goes, elsewhere a quiet line now and then. */
export interface ClassProgress {
	/** How much of a submission is done, from 0 to 1. */
	share(key: string, share: number): void;
	done(key: string): void;
	/** What else is to be known, in a few words. */
	note(text: string): void;
	stop(): void;
}

/** Where lines are not rewritten: a tenth of the class, but never more often than this many real milliseconds. */
const TENTHS = 10;
const LINE_EVERY_MS = 30_000;

/**
 * @param jobs - how many submissions are to be graded.
 * @param line - takes what goes to a log.
 */
export function showClassProgress(
	jobs: number,
	line: (text: string) => void,
	stream: NodeJS.WriteStream = process.stderr,
): ClassProgress {
	const spinner = spinnerOn(stream, "starting");
	const beganMs = performance.now();
	const shares = new Map<string, number>();
	let done = 0;
	let saidAtMs = beganMs;
	let saidTenth = 0;
	let noted = "";
	const describe = () => {
		const finished = done + [...shares.values()].reduce((sum, share) => sum + share, 0);
		const elapsedMs = performance.now() - beganMs;
		const left = finished === 0 ? "" : `, ${describeTime(((jobs - finished) * elapsedMs) / finished)} left`;
		return `${done} of ${jobs} graded${left}${noted === "" ? "" : `; ${noted}`}`;
	};
	const show = () => {
		if (spinner !== undefined) {
			spinner.text = describe();
			return;
		}
		const tenth = Math.floor((TENTHS * done) / jobs);
		const nowMs = performance.now();
		if (done < jobs && (tenth === saidTenth || nowMs - saidAtMs < LINE_EVERY_MS)) return;
		saidTenth = tenth;
		saidAtMs = nowMs;
		line(describe());
	};
	return {
		share(key, share) {
			shares.set(key, share);
			if (spinner !== undefined) show();
		},
		done(key) {
			shares.delete(key);
			done++;
			show();
		},
		note(text) {
			if (text === noted) return;
			noted = text;
			if (spinner === undefined) line(text);
			else show();
		},
		stop: () => spinner?.stop(),
	};
}

/** How far the looking into so many submissions is, on a terminal: some are archives of thousands of files. */
export function showLooking(all: number, stream: NodeJS.WriteStream = process.stderr) {
	const spinner = spinnerOn(stream, "looking into the submissions");
	return {
		looked(count: number): void {
			if (spinner !== undefined) spinner.text = `looking into the submissions: ${count} of ${all}`;
		},
		stop: () => spinner?.stop(),
	};
}

/** A time that is left, for people. */
function describeTime(ms: number): string {
	const seconds = Math.ceil(ms / 1000);
	if (seconds < 90) return `${seconds} s`;
	const minutes = Math.ceil(seconds / 60);
	return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
