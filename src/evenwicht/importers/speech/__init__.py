"""Room of the transcript importers: who spoke how long, and for which organisation.

`text` bytes to text · `cues` what was shown from when to when · `voices` whose words a cue holds · `shapes`, `elements`, `told` the same
from JSON · `turns` seconds per voice · `start` when the meeting began · `sidecar` what a person says beside the file ·
`speakers` from the name of a voice to an organisation · `talks` the rows · `speeches` those that wait for a calendar · `captions` all of it for files of cues.
Standard: WebVTT (W3C). SubRip and the JSON of speech services have none; their makers' documentation is named in `shapes`.
"""
