/** Somebody who handed in, as far as an export or a list tells. */
export interface Student {
	readonly name: string;
	/** The number that the learning platform knows them by. */
	readonly id?: string | undefined;
	/** The number that the university knows them by (SIS). */
	readonly sid?: string | undefined;
	readonly login?: string | undefined;
	readonly email?: string | undefined;
	readonly section?: string | undefined;
}
