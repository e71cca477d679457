using System.Globalization;
using Clearway.Testing;
using Clearway.TestServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace Clearway.EndToEndTests;

/// <summary>What people compare with: a page with PeerJS on PeerServer, as its own documentation begins, with the camera open before the click.</summary>
internal sealed class PeerJsSite : IAsyncDisposable
{
    private const string Html = """
        <!doctype html>
        <title>PeerJS</title>
        <script src="/peerjs.min.js"></script>
        <video autoplay playsinline muted></video>
        <button>Call</button>
        """;

    /// <summary>Waits for calls under a name and answers them.</summary>
    private const string Answer = """
        async ({ name, server }) => {
          const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: { ideal: 1280 }, height: { ideal: 720 } } });
          const peer = new Peer(name, server);
          peer.on('call', call => call.answer(stream));
          await new Promise(done => peer.on('open', done));
        }
        """;

    /// <summary>Milliseconds from the click to the first picture of who is called.</summary>
    private const string Call = """
        async ({ name, server }) => {
          const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: { ideal: 1280 }, height: { ideal: 720 } } });
          const video = document.querySelector('video');
          return new Promise(done => {
            document.querySelector('button').onclick = () => {
              const clicked = performance.now();
              video.requestVideoFrameCallback(now => done(now - clicked));
              const peer = new Peer(server);
              peer.on('open', () => peer.call(name, stream).on('stream', remote => { video.srcObject = remote; }));
            };
            document.querySelector('button').click();
          });
        }
        """;

    private readonly WebApplication _app;
    private readonly ServerProcess _server;
    private readonly int _port;
    private int _calls;

    private PeerJsSite(WebApplication app, ServerProcess server, int port) => (_app, _server, _port) = (app, server, port);

    /// <summary>Installs both from npm, and starts them on free ports.</summary>
    internal static async Task<PeerJsSite> StartAsync()
    {
        var peers = Path.Combine(Repository.Folder, "tests", "Clearway.LoadTest", "peers");
        await NodePackages.InstallAsync(peers);
        var port = ServerProcess.FreePort();
        var server = await ServerProcess.StartAsync(
            "node",
            ["node_modules/peer/dist/bin/peerjs.js", "--host", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture)],
            port,
            folder: peers);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            if (context.Request.Path == "/peerjs.min.js")
            {
                context.Response.ContentType = "text/javascript";
                return context.Response.SendFileAsync(Path.Combine(peers, "node_modules", "peerjs", "dist", "peerjs.min.js"));
            }

            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync(Html);
        });
        await app.StartAsync();
        return new PeerJsSite(app, server, port);
    }

    /// <summary>Milliseconds from a click to the first picture of the other, in a call between these two.</summary>
    internal async Task<double> CallAsync(IPage caller, IPage called)
    {
        var call = new
        {
            name = string.Create(CultureInfo.InvariantCulture, $"called-{_calls++}"),
            server = new { host = "127.0.0.1", port = _port, path = "/" },
        };
        await caller.GotoAsync(_app.Urls.Single());
        await called.GotoAsync(_app.Urls.Single());
        await called.EvaluateAsync(Answer, call);
        return await caller.EvaluateAsync<double>(Call, call).WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _server.DisposeAsync();
    }
}
