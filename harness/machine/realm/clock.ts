/**
 * The machine's clock: virtual time, as Date and performance see it. It stands still while the machine runs.
 */

import { lazy } from "./lazy.ts";

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

/** Taken before a submission can put others in their place. */
const { construct } = Reflect;
const { defineProperties, defineProperty } = Object;
const { floor } = Math;

/**
 * The realm's Date, which reads virtual time. It is made when it is first asked for, which must be before a submission gets hold of any date: to change a prototype
 * takes V8 longer than anything else that a machine does to begin with.
 *
 * A function, not a proxy of the real one: what is put on a proxy is put on what stands behind it, and may be called with that as `this`.
 */
export const virtualDate: () => DateConstructor = lazy(() => {
	const RealDate = Date;
	function VirtualDate(...args: unknown[]): Date | string {
		const today = EPOCH_MS + floor(nowMs);
		if (new.target === undefined) return new RealDate(today).toString();
		return construct(RealDate, args.length === 0 ? [today] : args, new.target) as Date;
	}
	defineProperties(VirtualDate, {
		name: { value: "Date" },
		length: { value: 7 },
		prototype: { value: RealDate.prototype, writable: false },
		now: { value: () => EPOCH_MS + floor(nowMs), writable: true, configurable: true },
		parse: { value: RealDate.parse, writable: true, configurable: true },
		UTC: { value: RealDate.UTC, writable: true, configurable: true },
	});
	defineProperty(RealDate.prototype, "constructor", { value: VirtualDate, writable: true, configurable: true });
	return VirtualDate as unknown as DateConstructor;
});
