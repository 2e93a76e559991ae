'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { CheckSteps } from '@/components/connectors/check-steps'
import { ConfigFields } from '@/components/connectors/config-fields'
import { fieldErrors, initialValues, toConfigInput, type ConfigErrors } from '@/components/connectors/config-values'
import { useConfigCheck } from '@/components/connectors/use-config-check'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toaster'
import type { ErrorView } from '@/lib/core/errors'
import { editSourceAction } from '@/lib/sources/actions'
import type { SourceDetail } from '@/lib/sources/schema'
import { DeleteSourceSection } from './delete-source-section'
import { RefreshColumnsSection } from './refresh-columns-section'
import { RefreshSchemasSection } from './refresh-schemas-section'

/** The name and the connection of a source: test, save, discover again, delete. */
export function ConfigurationTab({ source }: { source: SourceDetail }) {
  return (
    <div className="grid max-w-2xl gap-10">
      {/* a save brings another source detail: the form starts again from what was saved */}
      <ConfigurationForm key={JSON.stringify([source.name, source.config, source.setSecrets])} source={source} />
      {source.files ? <RefreshColumnsSection source={source} /> : <RefreshSchemasSection source={source} />}
      <DeleteSourceSection source={source} />
    </div>
  )
}

function ConfigurationForm({ source }: { source: SourceDetail }) {
  const router = useRouter()
  const check = useConfigCheck()
  const [name, setName] = useState(source.name)
  const [values, setValues] = useState(() => initialValues(source.fields, source.config))
  const [errors, setErrors] = useState<ConfigErrors>({})
  const [failure, setFailure] = useState<ErrorView | null>(null)
  const [isSaving, setSaving] = useState(false)
  const config = () => toConfigInput(source.fields, values)

  function isComplete(): boolean {
    const found = fieldErrors(source.fields, values, source.setSecrets)
    if (!name.trim()) found.name = 'Enter a name'
    setErrors(found)
    setFailure(null)
    return Object.keys(found).length === 0
  }

  async function save(): Promise<void> {
    if (!isComplete()) return
    setSaving(true)
    try {
      const result = await editSourceAction({ sourceId: source.id, name: name.trim(), config: config() })
      if (result.ok) {
        toast.success('Configuration saved')
        router.refresh()
        return
      }
      const atFields = Object.entries(result.fields ?? {}).map(([path, words]) => [path.replace(/^config\./, ''), words])
      setErrors(Object.fromEntries(atFields))
      setFailure(result.error)
    } catch {
      setFailure({ code: 'unreachable', title: 'Tributary cannot be reached', advice: 'Check that it is running and that you are online, then save again', isRetryable: true })
    } finally {
      setSaving(false)
    }
  }

  return (
    <form noValidate className="grid gap-5" onSubmit={(event) => { event.preventDefault(); void save() }}>
      <Field label="Name" error={errors.name}>{(parts) => <Input {...parts} value={name} maxLength={100} onChange={(event) => setName(event.target.value)} autoComplete="off" />}</Field>
      <ConfigFields
        fields={source.fields}
        values={values}
        errors={errors}
        setSecrets={source.setSecrets}
        disabled={isSaving}
        onChange={(changes) => {
          setValues((before) => ({ ...before, ...changes }))
          setErrors((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !(field in changes))))
          check.reset()
        }}
      />
      <CheckSteps steps={check.steps} isRunning={check.isRunning} />
      {check.error ? <ErrorState error={check.error} /> : null}
      {failure ? <ErrorState error={failure} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" isBusy={isSaving}>Save</Button>
        {check.isRunning ? (
          <Button variant="outline" onClick={check.cancel}>Stop the test</Button>
        ) : (
          <Button variant="outline" disabled={isSaving} onClick={() => isComplete() && void check.run({ connector: source.connector, config: config(), sourceId: source.id })}>Test connection</Button>
        )}
      </div>
    </form>
  )
}
