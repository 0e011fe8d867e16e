import type { ClassGrading } from "../job.ts";
import { connect } from "./connection.ts";
import { QueueGraders, type QueueGradersOptions } from "./queue-graders.ts";
import { readRedisAddress } from "./redis-address.ts";

/**
 * Graders that listen at a Redis.
 *
 * @param address - as the command line has it.
 * @throws UsageError if it is no address, or Redis is not there.
 */
export async function openQueue(
	address: string,
	grading: ClassGrading,
	options: QueueGradersOptions,
): Promise<QueueGraders> {
	const connection = await connect(readRedisAddress(address));
	try {
		return await QueueGraders.open(connection, grading, options);
	} catch (error) {
		connection.end();
		throw error;
	}
}
