{{- define "certglass.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- define "certglass.labels" -}}
app.kubernetes.io/name: certglass
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}
{{- define "certglass.selector" -}}
app.kubernetes.io/name: certglass
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
