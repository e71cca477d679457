using Clearway.Testing;
using Xunit;

namespace Clearway.Chat.Tests;

/// <summary>What docs/operations.md tells operators is what the service does.</summary>
public class OperationsTests
{
    [Fact]
    public void Metrics_OfTheService_AreThoseOfTheTable() => Assert.Equal(
        OperationsDocument.MetricsOf(meters => _ = new ChatMetrics(meters)), OperationsDocument.Metrics("clearway.chat."));
}
