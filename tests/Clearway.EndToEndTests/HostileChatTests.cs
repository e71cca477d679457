using Clearway.TestApp;
using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>What somebody types is text, wherever it is shown: nothing of it runs, and it reads to the letter.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class HostileChatTests(ClearwayFixture fixture)
{
    private const string Markup =
        "<script>window.ran=1</script><img src=x onerror=window.ran=1><svg/onload=window.ran=1> \" onmouseover=\"window.ran=1\" autofocus"
        + " onfocus='window.ran=1' ' x=`y` -->]]></textarea></title></style><!-- ${window.ran=1} {{window.ran=1}} &lt;b&gt; \\ = / привет 👨‍👩‍👧‍👦";

    private const string Name = "<img src=x onerror=window.ran=1>";

    [Fact]
    public async Task Line_ThatIsMarkup_IsShownToTheLetterAndRunsNothing()
    {
        await using var call = await HostileCallAsync();
        var page = call.Reader.Page;

        await call.Reader.WaitForChatLineAsync(Markup);

        var shown = page.GetByTestId("chat-text").Last;
        Assert.Equal(Markup, await shown.TextContentAsync());
        Assert.Equal(0, await shown.Locator("*").CountAsync());
        Assert.Equal(Name, await page.Locator(".message-sender").Last.TextContentAsync());
        await Expect(page.Locator("[data-testid=tile][data-self=false]")).ToContainTextAsync(Name);
        Assert.Equal(0, await page.Locator("[data-testid=call] img, [data-testid=call] script").CountAsync());
        Assert.False(await HasRunAsync(call.Reader));
        call.Reader.AssertNoErrors();
    }

    [Fact]
    public async Task Edit_ThatIsMarkup_IsShownToTheLetterAndRunsNothing()
    {
        await using var call = await HostileCallAsync("harmless");
        await call.Reader.WaitForChatLineAsync("harmless");

        await EditAsync(call, Markup);
        await call.Reader.WaitForChatLineAsync(Markup);

        var shown = call.Reader.Page.GetByTestId("chat-text").Last;
        Assert.Equal(Markup, await shown.TextContentAsync());
        Assert.Equal(0, await shown.Locator("*").CountAsync());
        Assert.False(await HasRunAsync(call.Reader));
        call.Reader.AssertNoErrors();
    }

    // The second line of defence: were the client ever to put text in as markup.
    [Fact]
    public async Task Markup_PutIntoThePageByForce_IsRefusedByThePolicy()
    {
        await using var call = await HostileCallAsync();
        var page = call.Reader.Page;

        var refused = await page.EvaluateAsync<string[]>(
            """
            async markup => {
              const refused = [];
              document.addEventListener('securitypolicyviolation', violation => refused.push(violation.effectiveDirective));
              const place = document.body.appendChild(document.createElement('div'));
              place.innerHTML = markup;
              const script = place.appendChild(document.createElement('script'));
              script.textContent = 'window.ran = 1';
              place.querySelector('img').dispatchEvent(new Event('error'));
              while (!refused.includes('script-src-attr') || !refused.includes('script-src-elem')) await new Promise(requestAnimationFrame);
              return refused;
            }
            """,
            Markup);

        Assert.NotEmpty(refused);
        Assert.False(await HasRunAsync(call.Reader));
    }

    [Fact]
    public async Task Html_OfALineThatIsMarkup_IsPlainTextInContentAndInAttributes()
    {
        await using var call = await HostileCallAsync();
        await using var blank = await fixture.OpenBrowserAsync("Blank");
        var html = call.Line["html"]!.GetValue<string>();

        // No policy of ours protects this page.
        await blank.Page.SetContentAsync(
            $"<p>{html}</p><p title=\"{html}\"></p><p title='{html}'></p><p title={html}></p><p title={html} id=last></p>");

        var read = await blank.Page.EvaluateAsync<string[]>(
            "() => [...document.body.querySelectorAll('*')].map((one) => one.localName + one.attributes.length + (one.title || one.textContent))");
        Assert.Equal([$"p0{Markup}", $"p1{Markup}", $"p1{Markup}", $"p1{Markup}", $"p2{Markup}"], read);
        Assert.False(await HasRunAsync(blank));

        // Markup as it was typed runs there: the page would have shown it.
        await blank.Page.SetContentAsync(Markup);
        await blank.UntilAsync("() => window.ran === 1");
    }

    // An edit counts as a line, and may come too soon after the line.
    private static async Task EditAsync(HostileCall call, string text)
    {
        while (true)
        {
            await call.Gateway.SendAsync(new { type = "chat_edit", message_id = call.Line["id"]!.GetValue<string>(), text });
            var answer = await call.Gateway.ReceiveAsync("chat_edited", "error");
            if (answer["code"]?.GetValue<string>() != "chat_rate")
            {
                Assert.Equal("chat_edited", answer["type"]!.GetValue<string>());
                return;
            }

            // As long as the gateway says, as a client does.
            await Task.Delay(answer["retry_after_ms"]!.GetValue<int>());
        }
    }

    private static Task<bool> HasRunAsync(ParticipantPage page) => page.Page.EvaluateAsync<bool>("() => window.ran !== undefined");

    private async Task<HostileCall> HostileCallAsync(string text = Markup)
    {
        using var client = fixture.App.CreateClient();
        var guest = new Guest(client);
        await guest.SignInAsync("Mallory");
        var links = await guest.CreateRoomAsync("Hostile");
        var reader = await fixture.OpenBrowserAsync("Ada");
        await reader.JoinWithoutDevicesAsync($"/join#{links.Invitation}");
        await reader.OpenChatAsync();
        var session = await guest.RedeemAsync(links.OrganizerInvitation, Name);
        var (gateway, _) = await GatewaySocket.JoinAsync(fixture.App, session.Token);
        await gateway.SendAsync(new { type = "chat", text });
        return new HostileCall(reader, gateway, await gateway.ReceiveAsync("chat_broadcast"));
    }

    private sealed record HostileCall(ParticipantPage Reader, GatewaySocket Gateway, System.Text.Json.Nodes.JsonNode Line) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await Reader.DisposeAsync();
        }
    }
}
