using Clearway.Proxy.Access;
using Clearway.Proxy.ChatHistory;
using Clearway.Proxy.Errors;
using Clearway.Proxy.Health;
using Clearway.Proxy.PredictiveText;
using Clearway.Proxy.Records;
using Clearway.Proxy.Routing;
using Clearway.Proxy.Telemetry;
using Clearway.Proxy.Verification;
using Clearway.Proxy.WebClient;
using Clearway.ServiceDefaults;

// Before the first socket: what is forwarded goes on the thread that polls the sockets, without a turn in the thread pool.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddHandshakeTracing();
builder.AddProblems();
builder.AddAllowedOrigins();
builder.AddRequestLimits();
builder.AddRoomTokens();
builder.AddCertificateSignIn();
builder.AddRoutes();
builder.AddGatewayNodes();
builder.AddForwardingFailures();
builder.AddRecords();
builder.AddChatHistory();
builder.AddRoomFiles();
builder.AddPredictiveText();
builder.AddBrowserSpans();
builder.AddWebClient();
builder.AddServiceProbes();

var app = builder.Build();

app.UseSecurityHeaders();
app.UseProblems();
app.UseAllowedOrigins();
app.UseWebClientFiles();
app.UseRecordsMethodOverride();
app.UseRouting();
app.UseRateLimiter();
app.UseForwardingFailures();

app.MapCertificateSignIn();
app.MapRecords();
app.MapChatHistory();
app.MapRoomFiles();
app.MapPredictiveText();
app.MapBrowserSpans();
app.MapRefusedProofs();
app.MapRoutes();
app.MapWebClientPages();
app.MapHealthEndpoints();

app.Run();
