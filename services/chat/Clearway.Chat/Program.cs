using Clearway.Chat;
using Clearway.Chat.Files;
using Clearway.Chat.History;
using Clearway.Chat.Predictive;
using Clearway.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection.Extensions;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddHistory();
var hasFiles = builder.AddFiles();
builder.AddPredictiveText();
builder.Services.TryAddSingleton(TimeProvider.System);
builder.Services.AddSingleton<ChatMetrics>();
builder.Services.AddGrpc()
    .AddServiceOptions<ChatHistoryEndpoint>(options => options.MaxReceiveMessageSize = ChatHistoryEndpoint.LargestRequestBytes);

var app = builder.Build();
app.MapHealthEndpoints();
app.MapGrpcService<ChatHistoryEndpoint>();
app.MapGrpcService<PredictiveTextEndpoint>();
if (hasFiles)
{
    app.MapGrpcService<RoomFileEndpoint>();
}

app.Run();
