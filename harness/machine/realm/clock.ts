/**
 * The machine's clock: virtual time, as Date and performance see it. It stands still while the machine runs.
 */

/** Wall-clock date of virtual time 0. Any fixed moment would do. */
export const EPOCH_MS = 1_735_689_600_000; // 2025-01-01T00:00:00Z

let nowMs = 0;

/** Virtual milliseconds since the run began. */
export function now(): number {
	return nowMs;
}

/** The host says what time it is whenever it enters the machine. */
export function setNow(ms: number): void {
	nowMs = ms;
}

/** The host enters the machine for a new step. To ask for its state belongs to the step before: the effects of both are carried out together. */
export function beginStep(ms: number): void {
	setNow(ms);
	step++;
}

let step = 0;

/** The number of the present step. */
export function currentStep(): number {
	return step;
}

/**
 * A Date that reads virtual time, in place of the realm's own: wherever that could be had from, there is this one then. It is made when it is first
 * asked for. To change a prototype takes V8 longer than anything else that a machine does to begin with.
 */
export function virtualDate(RealDate: DateConstructor): DateConstructor {
	const today = () => EPOCH_MS + Math.floor(nowMs);
	const VirtualDate = new Proxy(RealDate, {
		apply: () => new RealDate(today()).toString(),
		construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [today()] : args, newTarget),
	});
	// Assignments to what is there already: they leave everything else about these properties as it is.
	RealDate.now = today;
	RealDate.prototype.constructor = VirtualDate;
	return VirtualDate;
}
