/** How decoding makes dates. */

let beforeFirst: (() => void) | undefined;

/** Has something done before the first date is made. In a machine, whoever has a date has its Date. */
export function beforeDates(callback: () => void): void {
	beforeFirst = callback;
}

/** A date, in ms since 1970. */
export function makeDate(ms: number): Date {
	beforeFirst?.();
	beforeFirst = undefined;
	return new Date(ms);
}
