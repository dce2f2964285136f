import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { projectFolder } from '../../rig/servers/folders.ts'
import { disagreements, type Files, released, versionsOf } from '../../scripts/release.ts'

const names = ['package.json', 'package-lock.json', 'deploy/chart/Chart.yaml', 'CHANGELOG.md'] as const
const repository = Object.fromEntries(
  names.map(name => [name, readFileSync(join(projectFolder, name), 'utf8')]),
) as unknown as Files

const changelog = '# Changelog\n\n## Unreleased\n\n### Added\n\n- News.\n\n## 0.9.0 - 2026-01-02\n\n- Old.\n'
const files: Files = { ...repository, 'CHANGELOG.md': changelog }

describe('a release', () => {
  test('sets the same version everywhere', () => {
    const after = released(files, '1.2.3-rc.4', '2026-11-26')
    assert.deepEqual(new Set(Object.values(versionsOf(after))), new Set(['1.2.3-rc.4']))
    assert.deepEqual(disagreements(after), [])
  })

  test('moves the unreleased changes to the version, and leaves the rest alone', () => {
    const after = released(files, '1.0.0', '2026-11-26')
    assert.equal(
      after['CHANGELOG.md'],
      changelog.replace('## Unreleased\n', '## Unreleased\n\n## 1.0.0 - 2026-11-26\n'),
    )
    const strip = (text: string): string => text.replaceAll(/"?[vV]ersion"?: "?\S+"?/g, '')
    for (const name of names.slice(0, 3)) {
      assert.equal(strip(after[name]), strip(files[name]))
      const [was, is] = [files[name].split('\n'), after[name].split('\n')]
      const changed = is.filter((line, index) => line !== was[index])
      assert.ok(changed.length <= 2 && changed.every(line => line.includes('1.0.0')), changed.join('\n'))
    }
  })

  const refused: [why: string, version: string, text: string, says: RegExp][] = [
    ['an invalid version', 'v1.0.0', changelog, /not a version/],
    ['a version that the changelog already has', '0.9.0', changelog, /has 0\.9\.0 already/],
    ['nothing new', '1.0.0', changelog.replace('### Added\n\n- News.\n\n', ''), /nothing under/],
  ]
  for (const [why, version, text, says] of refused) {
    test(`rejects ${why}`, () =>
      assert.throws(() => released({ ...files, 'CHANGELOG.md': text }, version, '2026-11-26'), says))
  }

  test('a file with another version is reported', () => {
    const after = released(files, '1.0.0', '2026-11-26')
    const chart = after['deploy/chart/Chart.yaml'].replace('appVersion: 1.0.0', 'appVersion: 0.9.0')
    assert.deepEqual(disagreements({ ...after, 'deploy/chart/Chart.yaml': chart }), [
      'Chart.yaml, appVersion (the image tag): 0.9.0, but package.json has 1.0.0',
    ])
  })

  test('this repository has the same version everywhere', () => assert.deepEqual(disagreements(repository), []))
})
