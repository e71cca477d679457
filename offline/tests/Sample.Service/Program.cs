var builder = WebApplication.CreateBuilder(args);
if (builder.Configuration["Ends"] is { } lastWords)
{
    Console.Error.WriteLine(lastWords);
    return 3;
}

var app = builder.Build();
app.MapGet("/ready", () => builder.Configuration.GetValue<bool>("Sick") ? Results.Text("no store", statusCode: 503) : Results.Ok());
app.MapGet("/process", () => Environment.ProcessId);
app.MapGet("/setting", (string name) => builder.Configuration[name]);
app.Run();
return 0;
