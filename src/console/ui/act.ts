import { ApiError } from '../api/client.js';
import { sentence } from './states.js';
import { toast } from './toast.js';

/** Does something, and says when it was refused or failed. Answers whether it was done. */
export async function attempt(action: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await action();
    if (done !== undefined) toast('ok', done);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const refused = error.status === 403 ? ' Nothing was changed.' : '';
    toast('error', `${sentence(error.message)}${refused}`);
    return false;
  }
}
