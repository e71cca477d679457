import { codeOf } from '../api/problem.ts';
import { errorText } from './i18n/language.ts';
import { toast } from './toasts.ts';

/** Says why something was not done; `otherwise` is the code of what no server has refused. */
export function complain(error: unknown, otherwise?: string): void {
  toast(errorText(codeOf(error, otherwise)), 'error');
}

/** True when it was done; what was refused is said. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}
