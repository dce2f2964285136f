{{- define "worker.name" -}}
{{- .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- end -}}

{{- define "worker.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "worker.labels" -}}
{{ include "worker.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- /* A setting with its {{env}} replaced, as the worker does it; arguments: settings, name, default */ -}}
{{- define "worker.setting" -}}
{{- $settings := index . 0 -}}
{{- index $settings (index . 1) | default (index . 2) | replace "{{env}}" ($settings.ENV | default "local") -}}
{{- end -}}

{{- define "worker.secretName" -}}
{{- .Values.existingSecret | default (and .Values.secrets (include "worker.name" .)) | default "" -}}
{{- end -}}

{{- /* Longer than the worker takes: what is in flight, then 3 s for closing sockets. */ -}}
{{- define "worker.gracePeriodSeconds" -}}
{{- add 10 (div (int64 (.Values.settings.SHUTDOWN_TIMEOUT_MS | default "25000")) 1000) -}}
{{- end -}}
