"""Stone Soup's trackers over the same looks: global nearest neighbour and JPDA with an extended Kalman filter.

Set up as its own documentation sets up such a scene: constant velocity with a noise `q`, a gate of four sigma, a first
plot waits for a second and a third before it is a track, and a track ends when it was not seen for four turns. Each
plot bears its own time. JPDA is the exact one that goes by clusters (efficient hypothesis management). A track is
offered the plots within 6 km alone, which spares it most of its work.
"""

from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
from stonesoup.dataassociator.probability import JPDAwithEHM2
from stonesoup.deleter.time import UpdateTimeDeleter
from stonesoup.functions import gm_reduce_single
from stonesoup.hypothesiser.base import Hypothesiser
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.hypothesiser.probability import PDAHypothesiser
from stonesoup.initiator.simple import MultiMeasurementInitiator
from stonesoup.measures import Mahalanobis
from stonesoup.models.measurement.nonlinear import CartesianToBearingRange
from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
from stonesoup.predictor.kalman import ExtendedKalmanPredictor
from stonesoup.types.array import StateVectors
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.types.update import GaussianStateUpdate
from stonesoup.updater.kalman import ExtendedKalmanUpdater

from benches.picture.scenes import Scene
from quartet.picture.tracker import Look

START: Final = datetime(2026, 1, 1)
NEAR_M: Final = 6_000.0
HELD: Final = timedelta(seconds=16)
WAITS: Final = timedelta(seconds=9)


def _when(at: float) -> datetime:
    return START + timedelta(seconds=float(at))


class Near:
    """One of Stone Soup's hypothesisers, which is asked about near plots alone."""

    def __init__(self, whole: Hypothesiser) -> None:
        self._whole = whole

    def hypothesise(self, track: Any, detections: Any, timestamp: datetime, **given: Any) -> Any:
        """Return its hypotheses for the plots that may be the track's."""
        x, y = float(track.state_vector[0]), float(track.state_vector[2])
        vx, vy = float(track.state_vector[1]), float(track.state_vector[3])
        dt = (timestamp - track.timestamp).total_seconds()
        x, y = x + dt * vx, y + dt * vy
        near = {d for d in detections if (d.metadata["x"] - x) ** 2 + (d.metadata["y"] - y) ** 2 < NEAR_M**2}
        return self._whole.hypothesise(track, near, timestamp, **given)


class StoneSoup:
    """One of its trackers, fed look by look."""

    def __init__(self, scene: Scene, q: float, *, joint: bool = False) -> None:
        self._joint = joint
        self._sites = scene.sites
        motion = CombinedLinearGaussianTransitionModel([ConstantVelocity(q), ConstantVelocity(q)])
        predictor = ExtendedKalmanPredictor(motion)
        self._updater = ExtendedKalmanUpdater(None)
        self._models = [
            CartesianToBearingRange(
                4,
                (0, 2),
                np.diag([site.sigma_azimuth_rad**2, site.sigma_range_m**2]),
                translation_offset=np.array([[site.x_m], [site.y_m]]),
            )
            for site in scene.sites
        ]
        near = Near(DistanceHypothesiser(predictor, self._updater, Mahalanobis(), missed_distance=4))
        if joint:
            site = scene.sites[0]
            likely = PDAHypothesiser(
                predictor, self._updater, site.false_plots / scene.side**2, site.detects, prob_gate=0.9997
            )
            self._associator: Any = _unchecked(JPDAwithEHM2, Near(likely))
        else:
            self._associator = _unchecked(GNNWith2DAssignment, near)
        prior = GaussianState(np.zeros((4, 1)), np.diag([0.0, 140.0**2, 0.0, 140.0**2]), START)
        self._initiator = MultiMeasurementInitiator(
            prior,
            deleter=UpdateTimeDeleter(WAITS),
            data_associator=_unchecked(GNNWith2DAssignment, near),
            updater=self._updater,
            min_points=3,
        )
        self._deleter = UpdateTimeDeleter(HELD)
        self.tracks: set[Any] = set()

    def take(self, look: Look) -> None:
        """Take a look: associate the tracks that may be in its sector, update, delete, begin."""
        when, found = _when(look.ends), self._detections(look)
        near = {track for track in self.tracks if self._inside(track, look)}
        taken = set()
        for track, hypothesis in self._associator.associate(near, found, when).items():
            taken |= self._updated(track, hypothesis)
        self.tracks -= self._deleter.delete_tracks(self.tracks, timestamp=when)
        self.tracks |= self._initiator.initiate(found - taken, when)

    def places(self, at: float) -> NDArray[np.float64]:
        """Return where its tracks are at a time: (n, 4), m and m/s."""
        rows = []
        for track in self.tracks:
            v, dt = track.state_vector, at - (track.timestamp - START).total_seconds()
            rows.append((float(v[0] + dt * v[1]), float(v[2] + dt * v[3]), float(v[1]), float(v[3])))
        return np.array(rows).reshape(-1, 4)

    def _detections(self, look: Look) -> set[Detection]:
        model, site = self._models[look.sensor], self._sites[look.sensor]
        return {
            Detection(
                np.array([[np.pi / 2 - a], [r]]),
                timestamp=_when(t),
                measurement_model=model,
                metadata={"x": site.x_m + r * np.sin(a), "y": site.y_m + r * np.cos(a)},
            )
            for t, r, a in zip(look.at, look.first, look.second, strict=True)
        }

    def _inside(self, track: Any, look: Look) -> bool:
        site, v = self._sites[look.sensor], track.state_vector
        dt = look.ends - (track.timestamp - START).total_seconds()
        x, y = float(v[0] + dt * v[1]) - site.x_m, float(v[2] + dt * v[3]) - site.y_m
        turned = (np.arctan2(x, y) - look.sector[0]) % (2 * np.pi)
        width, margin = look.sector[1] - look.sector[0], 1_000.0 / max(1_000.0, np.hypot(x, y))
        return bool(turned < width + margin or turned > 2 * np.pi - margin)

    def _updated(self, track: Any, hypothesis: Any) -> set[Detection]:
        if not self._joint:
            if not hypothesis:
                return set()
            track.append(self._updater.update(hypothesis))
            return {hypothesis.measurement}
        return self._mixed(track, hypothesis)

    def _mixed(self, track: Any, hypotheses: Any) -> set[Detection]:
        """Take the mean of all hypotheses by their probabilities, as Stone Soup's JPDA example does."""
        seen = [one for one in hypotheses if one]
        if not seen:
            return set()
        states, weights = [], []
        for one in hypotheses:
            states.append(self._updater.update(one) if one else one.prediction)
            weights.append(float(one.probability))
        mean, covariance = gm_reduce_single(
            StateVectors([s.state_vector for s in states]),
            np.stack([s.covar for s in states], axis=2),
            np.array(weights),
        )
        best = max(seen, key=lambda one: float(one.probability))
        missed = next((float(one.probability) for one in hypotheses if not one), 0.0)
        if missed < 0.5:
            track.append(GaussianStateUpdate(mean, covariance, hypotheses, best.measurement.timestamp))
            return {one.measurement for one in seen if float(one.probability) > 0.3}
        return set()


def _unchecked(kind: Any, hypothesiser: Near) -> Any:
    """Return an associator with a hypothesiser that is none of Stone Soup's own classes."""
    return kind(hypothesiser)
