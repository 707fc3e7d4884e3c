import type { Queue, QueuedScore } from './client.js';

/** The offline queue of Node: a folder with one JSON file a score. Several processes can share it. */
export class FolderQueue implements Queue {
  constructor(folder: string, options?: { limit?: number });
  add(score: QueuedScore): Promise<void>;
  write(score: QueuedScore): Promise<void>;
  remove(score: QueuedScore): Promise<void>;
  list(): Promise<QueuedScore[]>;
  size(): Promise<number>;
}
