/**
 * A leader that nobody answers stays leader until it hears of a higher term, which is all that figure 2 asks for; stepping down is the
 * thesis's idea (§6.2). It takes commands meanwhile that will come to nothing, and the tests must not hold that against it.
 */
import { makeWith } from "../index.ts";

export const make = makeWith({ checkQuorum: false });
