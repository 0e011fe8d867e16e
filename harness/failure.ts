import type { Place } from "./machine/stack.ts";

/** What is known of a failure beside its sentence. */
export interface FailureDetails {
	/** The servers that it is about. */
	readonly servers?: readonly number[];
	readonly expected?: string;
	readonly actual?: string;
	/** Where in the submission it happened, innermost first. */
	readonly places?: readonly Place[];
}

/**
 * The verdict that a submission is wrong: an assertion of a lab, an invariant, a limit, or a fault of the submission itself.
 */
export class LabFailure extends Error {
	override name = "LabFailure";
	/** Which check it was: failures with the same check have failed in the same way. */
	readonly check: string;
	readonly details: FailureDetails;
	/** When, in virtual milliseconds; set when the run ends with it. */
	atMs = Number.NaN;

	constructor(check: string, message: string, details: FailureDetails = {}) {
		super(message);
		this.check = check;
		this.details = details;
	}
}
