/**
 * Tells its followers of a commit at once, by an AppendEntries that may be empty, instead of with the next message. §5.3 has commitIndex
 * in every AppendEntries, and leaves open when these are sent. Commands are applied sooner, for more messages.
 */
import { makeWith } from "../index.ts";

export const make = makeWith({ announceCommits: true });
