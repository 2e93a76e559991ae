import { prisma } from './client'

/**
 * May this process do what is done by turns, or did another one do it within so many seconds? One statement, so that of many askers
 * one does: with a hundred workers, work that is there once is not looked for a hundred times.
 */
export async function takePass(name: string, everySeconds: number): Promise<boolean> {
  const count = await prisma().$executeRaw`
    INSERT INTO "Pass" ("name", "at") VALUES (${name}, now())
    ON CONFLICT ("name") DO UPDATE SET "at" = now() WHERE "Pass"."at" <= now() - make_interval(secs => ${everySeconds})`
  return count > 0
}
