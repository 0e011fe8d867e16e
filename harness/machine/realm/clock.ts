/**
 * The machine's clock: virtual time, as Date and performance see it. It stands still while the machine runs.
 */

/** Wall-clock date of virtual time 0. Any fixed moment would do. */
export const EPOCH_MS = Date.UTC(2025, 0, 1);

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

/** Puts a Date in place that reads virtual time. */
export function installDate(): void {
	const RealDate = Date;
	function VirtualDate(...args: unknown[]): Date | string {
		const today = EPOCH_MS + Math.floor(nowMs);
		if (new.target === undefined) return new RealDate(today).toString();
		return Reflect.construct(RealDate, args.length === 0 ? [today] : args, new.target) as Date;
	}
	Object.defineProperties(VirtualDate, {
		name: { value: "Date" },
		length: { value: 7 },
		prototype: { value: RealDate.prototype, writable: false },
		now: { value: () => EPOCH_MS + Math.floor(nowMs), writable: true, configurable: true },
		parse: { value: RealDate.parse, writable: true, configurable: true },
		UTC: { value: RealDate.UTC, writable: true, configurable: true },
	});
	Object.defineProperty(RealDate.prototype, "constructor", { value: VirtualDate, writable: true, configurable: true });
	Object.defineProperty(globalThis, "Date", { value: VirtualDate, writable: true, configurable: true });
}
