using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Clearway.EndToEndTests;

/// <summary>Sits in the WebSocket of one participant, as a gateway could that does not do as it should, or a client could that does not.</summary>
internal sealed class GatewayTap
{
    private IWebSocketRoute? _browser;
    private volatile IWebSocketRoute? _deaf;

    /// <summary>What becomes of a frame to the browser; null drops it.</summary>
    public Func<JsonObject, JsonObject?> ToBrowser { get; set; } = frame => frame;

    /// <summary>What becomes of a frame to the gateway; null drops it.</summary>
    public Func<JsonObject, JsonObject?> ToGateway { get; set; } = frame => frame;

    /// <summary>A close code of the gateway that the browser is not told.</summary>
    public int? HiddenCloseCode { get; set; }

    /// <summary>Before the participant joins.</summary>
    public static async Task<GatewayTap> OnAsync(ParticipantPage page)
    {
        var tap = new GatewayTap();
        await page.Page.RouteWebSocketAsync(url => new Uri(url).AbsolutePath == "/api/v1/ws", tap.Listen);
        return tap;
    }

    /// <summary>Sends a frame that the gateway has never sent.</summary>
    public void Inject(JsonObject frame) => _browser!.Send(frame.ToJsonString());

    /// <summary>Nothing passes the connection that there is any more, and neither end is told; the next one works.</summary>
    public void GoDeaf() => _deaf = _browser;

    private void Listen(IWebSocketRoute browser)
    {
        _browser = browser;
        var gateway = browser.ConnectToServer();
        browser.OnMessage(message => Pass(message.Text!, ToGateway, gateway, browser));
        gateway.OnMessage(message => Pass(message.Text!, ToBrowser, browser, browser));
        gateway.OnClose((code, reason) =>
        {
            if (code is null || code != HiddenCloseCode)
            {
                _ = browser.CloseAsync(new() { Code = code, Reason = reason });
            }
        });
    }

    private void Pass(string text, Func<JsonObject, JsonObject?> change, IWebSocketRoute to, IWebSocketRoute connection)
    {
        if (_deaf != connection && change((JsonObject)JsonNode.Parse(text)!) is { } frame)
        {
            to.Send(frame.ToJsonString());
        }
    }
}
