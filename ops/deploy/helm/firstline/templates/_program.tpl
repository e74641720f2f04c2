{{- define "firstline.labels" -}}
app.kubernetes.io/name: firstline
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* What every container of ours is forbidden. */}}
{{- define "firstline.locked" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: {drop: [ALL]}
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{/* Addresses of our own programs and the settings; secrets as files. */}}
{{- define "firstline.environment" -}}
- {name: FIRSTLINE_WEB_URL, value: "http://{{ .Release.Name }}-web:8000"}
- {name: FIRSTLINE_INNER_URL, value: "http://{{ .Release.Name }}-inner:8001"}
- {name: FIRSTLINE_OUTBOUND_URL, value: "http://{{ .Release.Name }}-outbound:8002"}
- {name: RASA_URL, value: "http://{{ .Release.Name }}-rasa:5005"}
{{- range $name := list "REDIS_URL" "DATABASE_URL" "FIRSTLINE_INTERNAL_TOKEN" "FIRSTLINE_API_TOKEN" "FIRSTLINE_OPERATOR_TOKEN" "TWILIO_AUTH_TOKEN" }}
- {name: {{ $name }}_FILE, value: /run/secrets/{{ $name }}}
{{- end }}
{{- range $name, $value := .Values.settings }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end -}}

{{/* A Deployment: `name`, `image`, `command`, `port` (0: none), `environment`, `secrets` (empty: all), `ready`. */}}
{{- define "firstline.deployment" -}}
{{- $size := index .root.Values.programs .name -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .root.Release.Name }}-{{ .name }}
  labels:
    {{- include "firstline.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .name }}
spec:
  {{- if not (and .scaled .root.Values.autoscaling.enabled) }}
  replicas: {{ $size.replicas }}
  {{- end }}
  strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}
  selector:
    matchLabels:
      {{- include "firstline.labels" .root | nindent 6 }}
      app.kubernetes.io/component: {{ .name }}
  template:
    metadata:
      labels:
        {{- include "firstline.labels" .root | nindent 8 }}
        app.kubernetes.io/component: {{ .name }}
      {{- if .metrics }}
      annotations: {prometheus.io/scrape: "true", prometheus.io/port: "{{ .port }}", prometheus.io/path: /metrics}
      {{- end }}
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 40
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "firstline.labels" .root | nindent 14 }}
              app.kubernetes.io/component: {{ .name }}
      containers:
        - name: {{ .name }}
          image: "{{ .image.repository }}:{{ .image.tag }}"
          imagePullPolicy: {{ .root.Values.images.pullPolicy }}
          {{- with .command }}
          command: {{ toJson . }}
          {{- end }}
          securityContext:
            {{- include "firstline.locked" .root | nindent 12 }}
          env:
            {{- .environment | nindent 12 }}
          resources:
            requests: {cpu: {{ $size.cpu | quote }}, memory: {{ $size.memory | quote }}}
            limits: {memory: {{ $size.memory | quote }}}
          {{- if .port }}
          ports: [{name: http, containerPort: {{ .port }}}]
          startupProbe: {tcpSocket: {port: http}, periodSeconds: 2, failureThreshold: 60}
          readinessProbe: {{ .ready | default "tcpSocket: {port: http}" | fromYaml | toJson }}
          livenessProbe: {{ .live | default "tcpSocket: {port: http}" | fromYaml | toJson }}
          # No new connections come once it is taken out of the Service; those on their way arrive before it ends.
          lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}
          {{- end }}
          volumeMounts:
            - {name: secrets, mountPath: /run/secrets, readOnly: true}
            - {name: tmp, mountPath: /tmp}
      volumes:
        - name: secrets
          secret:
            secretName: {{ .root.Values.secretName }}
            defaultMode: 0444
            {{- with .secrets }}
            items:
              {{- range . }}
              - {key: {{ . }}, path: {{ . }}}
              {{- end }}
            {{- end }}
        - {name: tmp, emptyDir: {}}
{{- end -}}

{{- define "firstline.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .root.Release.Name }}-{{ .name }}
  labels:
    {{- include "firstline.labels" .root | nindent 4 }}
spec:
  selector:
    {{- include "firstline.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .name }}
  ports: [{name: http, port: {{ .port }}, targetPort: http}]
{{- end -}}
