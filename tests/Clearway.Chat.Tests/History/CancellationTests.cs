using Clearway.Chat.V1;
using Grpc.Core;
using Xunit;

namespace Clearway.Chat.Tests.History;

[Collection(SharedChat.Name)]
public class CancellationTests(ChatFixture fixture)
{
    [Fact]
    public async Task GetPage_GivenUpByItsCaller_LogsNoError()
    {
        var request = new GetPageRequest { Tenant = "default", Room = Lines.NewRoom() };
        var calls = Enumerable.Range(0, 400).Select(async number =>
        {
            using var cancellation = new CancellationTokenSource();
            var call = fixture.Host.History.GetPageAsync(request, cancellationToken: cancellation.Token).ResponseAsync;
            cancellation.CancelAfter(TimeSpan.FromMicroseconds(number * 50));
            try
            {
                await call;
            }
            catch (RpcException givenUp)
            {
                Assert.Equal(StatusCode.Cancelled, givenUp.StatusCode);
            }
        });
        await Task.WhenAll(calls);
        await fixture.Host.History.GetPageAsync(request);

        Assert.DoesNotContain(
            fixture.Host.Logged,
            line => line.StartsWith("Error ", StringComparison.Ordinal) && line.Contains("GetPage", StringComparison.Ordinal));
    }
}
