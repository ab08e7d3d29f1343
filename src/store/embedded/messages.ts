import type { EngineOptions } from './engine.js';
import type { FolderOwner } from './owner.js';

/** What the parent tells the child. */
export type ToChild =
  | { readonly type: 'open'; readonly options: EngineOptions }
  | {
      /** To be answered with a pong. */
      readonly type: 'ping';
    }
  | { readonly type: 'close' };

/** Why a child could not open its folder. */
export type FailureReason = 'no-chdb' | 'locked' | 'newer' | 'other';

/** What the child tells the parent. */
export type FromChild =
  | { readonly type: 'pong' }
  | { readonly type: 'ready'; readonly port: number; readonly version: string }
  | {
      /** It ends itself, to be opened again. */
      readonly type: 'dying';
      readonly why: string;
    }
  | {
      readonly type: 'failed';
      readonly reason: FailureReason;
      readonly message: string;
      /** Who has the folder. */
      readonly owner: FolderOwner;
    };
