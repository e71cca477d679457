using Clearway.Chat.V1;
using Grpc.Core;

namespace Clearway.Proxy.Tests;

internal sealed class HistoryDouble : ChatHistoryService.ChatHistoryServiceBase
{
    internal GetPageResponse Page { get; set; } = new();

    internal GetPageRequest? Asked { get; private set; }

    public override Task<GetPageResponse> GetPage(GetPageRequest request, ServerCallContext context)
    {
        Asked = request;
        return Task.FromResult(Page);
    }
}

internal sealed class PredictionsDouble : PredictiveTextService.PredictiveTextServiceBase
{
    internal string[] Words { get; set; } = [];

    /// <summary>Never answers until the caller gives up.</summary>
    internal bool Hangs { get; set; }

    internal CompleteRequest? Asked { get; private set; }

    public override async Task<CompleteResponse> Complete(CompleteRequest request, ServerCallContext context)
    {
        Asked = request;
        if (Hangs)
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }

        return new CompleteResponse { Suggestions = { Words }, Replaced = 2 };
    }

    internal ForgetWordsRequest? Forgotten { get; private set; }

    public override Task<ForgetWordsResponse> ForgetWords(ForgetWordsRequest request, ServerCallContext context)
    {
        Forgotten = request;
        return Task.FromResult(new ForgetWordsResponse());
    }
}
