using Clearway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Clearway.ServiceDefaults.Tests;

public class MetricsTests
{
    [Fact]
    public void Metrics_OfEveryService_AreThoseOfTheTable() => Assert.Equal(
        OperationsDocument.MetricsOf(meters => _ = new CircuitTransitions(meters, NullLogger<CircuitTransitions>.Instance)),
        OperationsDocument.Metrics("clearway.circuit."));

    [Fact]
    public void Boundaries_OfSeconds_AreFromTheLeastToTheMost() =>
        Assert.Equal([0.002, 0.005, 0.01, 0.02, 0.05, 0.1], Buckets.Seconds(0.002, 0.1).HistogramBucketBoundaries!);
}
