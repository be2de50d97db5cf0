/** How a track is drawn: a shape for what it is said to be, an outline for how sure its place is, a line for its way.
 *
 * A cross over it: it is of an exercise. Twelve corners an instance: six for the shape, six for the line from it to where it is in a minute. The places are
 * relative to a point near the middle of the map, so that single precision is enough.
 */

export const VERTEX = `#version 300 es
precision highp float;
layout(location = 0) in vec2 a_place;
layout(location = 1) in vec2 a_speed;
layout(location = 2) in float a_seen;
layout(location = 3) in float a_kind;
uniform vec2 u_shift;
uniform vec2 u_scale;
uniform vec2 u_pixel;
uniform float u_now;
uniform float u_size;
uniform float u_chosen;
uniform vec2 u_ages;
out vec2 v_at;
flat out float v_kind;
flat out float v_drill;
flat out float v_state;
flat out float v_line;
flat out float v_chosen;

const vec2 CORNERS[6] = vec2[6](vec2(-1,-1), vec2(1,-1), vec2(1,1), vec2(-1,-1), vec2(1,1), vec2(-1,1));

void main() {
  float age = max(0.0, u_now - a_seen);
  vec2 way = a_speed * u_scale;
  vec2 at = (a_place + u_shift) * u_scale + way * min(age, u_ages.y);
  vec2 corner = CORNERS[gl_VertexID % 6];
  v_drill = step(7.5, a_kind);
  v_kind = a_kind - 8.0 * v_drill;
  v_state = age < u_ages.x ? 0.0 : (age < u_ages.y ? 1.0 : 2.0);
  v_line = gl_VertexID < 6 ? 0.0 : 1.0;
  v_chosen = float(gl_InstanceID) == u_chosen ? 1.0 : 0.0;
  float size = u_size * (v_chosen > 0.5 ? 1.35 : 1.0);
  if (v_line < 0.5) {
    v_at = corner * 1.25;
    at += corner * 1.25 * size * u_pixel * 2.0;
  } else {
    vec2 pixels = way * 60.0 / (u_pixel * 2.0);
    float length_ = length(pixels);
    vec2 along = length_ > 0.001 ? pixels / length_ : vec2(0.0);
    vec2 across = vec2(-along.y, along.x);
    float from = size * 0.8;
    float to = clamp(length_, from + 5.0, 64.0);
    v_at = corner;
    vec2 offset = along * mix(from, to, corner.x * 0.5 + 0.5) + across * corner.y * 1.1;
    at += (length_ > 0.001 ? offset : vec2(0.0)) * u_pixel * 2.0;
  }
  gl_Position = vec4(at, 0.0, 1.0);
}`

export const FRAGMENT = `#version 300 es
precision highp float;
in vec2 v_at;
flat in float v_kind;
flat in float v_drill;
flat in float v_state;
flat in float v_line;
flat in float v_chosen;
uniform vec3 u_colours[4];
uniform vec3 u_edge;
uniform vec3 u_ring;
uniform float u_size;
out vec4 colour;

float quatrefoil(vec2 p) {
  p = abs(p);
  float lobes = min(length(p - vec2(0.44, 0.0)), length(p - vec2(0.0, 0.44))) - 0.46;
  return min(lobes, length(p) - 0.5);
}
float square(vec2 p) {
  p = abs(p) - 0.72;
  return max(p.x, p.y);
}

void main() {
  float fade = v_state > 1.5 ? 0.45 : 1.0;
  int kind = int(v_kind + 0.5);
  vec3 fill = u_colours[kind];
  if (v_line > 0.5) {
    colour = vec4(fill, 1.0) * fade * (v_state > 1.5 ? 0.0 : 0.9);
    return;
  }
  float apart = kind < 2 ? quatrefoil(v_at) : (kind == 2 ? square(v_at) : length(v_at) - 0.82);
  float soft = 1.2 / u_size;
  float inside = 1.0 - smoothstep(-soft, soft, apart);
  float rim = 1.0 - smoothstep(0.0, soft, abs(apart + 0.06) - 0.06);
  if (kind == 1) {
    float part = fract(atan(v_at.y, v_at.x) * 8.0 / 6.28318);
    rim *= step(0.4, part);
  }
  float body = v_state < 0.5 ? 1.0 : 0.14;
  vec3 shade = mix(fill, u_edge, v_state < 0.5 ? rim : 0.0);
  float off = min(abs(v_at.x - v_at.y), abs(v_at.x + v_at.y)) * 0.7071;
  float cross_ = v_drill * inside * (1.0 - smoothstep(0.0, soft, off - 0.1));
  shade = mix(shade, v_state < 0.5 ? u_edge : fill, cross_);
  float alpha = max(max(inside * body, rim), cross_) * fade;
  float halo = v_chosen * (1.0 - smoothstep(0.0, soft, abs(length(v_at) - 1.1) - 0.07));
  vec4 base = vec4(shade, 1.0) * alpha;
  colour = mix(base, vec4(u_ring, 1.0), halo);
}`
